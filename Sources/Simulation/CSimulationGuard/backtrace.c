#include "internal.h"
#include <elf.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

extern char *swift_demangle(const char *mangled, size_t length, char *buffer, size_t *capacity,
                            uint32_t flags);

// Swift marks the frame pointers of asynchronous functions with this bit.
#define ASYNC_FRAME_BIT (1ull << 60)

static bool contains(void **frames, int count, void *frame) {
  for (int i = 0; i < count; i++)
    if (frames[i] == frame) return true;
  return false;
}

// Unwinding ends at a library without unwind tables; frame pointers continue from there.
int simguard_backtrace(void **frames, int capacity) {
  int count = backtrace(frames, capacity);
  uintptr_t frame = (uintptr_t)__builtin_frame_address(0);
  uintptr_t top = (uintptr_t)simguard_stack_top;
  int unwound = count;
  while (count < capacity && frame && frame < top && frame % sizeof(void *) == 0) {
    void *address = ((void **)frame)[1];
    if (!contains(frames, unwound, address)) frames[count++] = address;
    uintptr_t next = ((uintptr_t *)frame)[0] & ~ASYNC_FRAME_BIT;
    if (next <= frame) break;
    frame = next;
  }
  return count;
}

// Finds the function at `offset` in an image's own symbol table, which the dynamic linker does not
// read. Returns false if there is none.
static bool find_in(const char *image, size_t size, uint64_t offset, char *name, size_t capacity) {
  const ElfW(Ehdr) *header = (const void *)image;
  if (size < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG)) return false;
  const ElfW(Shdr) *sections = (const void *)(image + header->e_shoff);
  for (int i = 0; i < header->e_shnum; i++) {
    if (sections[i].sh_type != SHT_SYMTAB) continue;
    const ElfW(Sym) *symbols = (const void *)(image + sections[i].sh_offset);
    const char *strings = image + sections[sections[i].sh_link].sh_offset;
    size_t count = sections[i].sh_size / sizeof *symbols;
    for (size_t k = 0; k < count; k++) {
      if (offset < symbols[k].st_value || offset >= symbols[k].st_value + symbols[k].st_size)
        continue;
      snprintf(name, capacity, "%s", strings + symbols[k].st_name);
      return true;
    }
  }
  return false;
}

static bool find_symbol(const char *path, uint64_t offset, char *name, size_t capacity) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  struct stat status;
  bool found = false;
  if (!fstat(file, &status) && status.st_size > 0) {
    size_t size = (size_t)status.st_size;
    void *image = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (image != MAP_FAILED) {
      found = find_in(image, size, offset, name, capacity);
      munmap(image, size);
    }
  }
  close(file);
  return found;
}

static void write_name(const char *symbol, char *text, size_t capacity) {
  char *demangled = swift_demangle(symbol, strlen(symbol), NULL, NULL, 0);
  snprintf(text, capacity, "%s", demangled ? demangled : symbol);
  free(demangled);
}

void simguard_describe_frame(void *frame, char *text, size_t capacity) {
  Dl_info found = {0};
  if (!dladdr(frame, &found) || !found.dli_fname) {
    snprintf(text, capacity, "%p", frame);
    return;
  }
  char symbol[1024];
  // The address is the return address, which may lie past the end of the caller.
  uint64_t offset = (uint64_t)((char *)frame - (char *)found.dli_fbase);
  if (find_symbol(found.dli_fname, offset - 1, symbol, sizeof symbol)) {
    write_name(symbol, text, capacity);
  } else if (found.dli_sname) {
    write_name(found.dli_sname, text, capacity);
  } else {
    const char *slash = strrchr(found.dli_fname, '/');
    snprintf(text, capacity, "%s + 0x%lx", slash ? slash + 1 : found.dli_fname,
             (unsigned long)offset);
  }
}
