/// A binary heap: the smallest element first.
struct Heap<Element: Comparable> {
    private(set) var elements: [Element] = []

    init() {}

    /// Creates a heap of elements in any order; a sorted array is a valid heap.
    init(_ elements: [Element]) { self.elements = elements.sorted() }

    var first: Element? { self.elements.first }

    mutating func insert(_ element: Element) {
        self.elements.append(element)
        var child = self.elements.count - 1
        while child > 0, self.elements[child] < self.elements[(child - 1) / 2] {
            self.elements.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Removes the smallest element; the heap must not be empty.
    mutating func removeFirst() {
        self.elements.swapAt(0, self.elements.count - 1)
        self.elements.removeLast()
        var parent = 0
        while 2 * parent + 1 < self.elements.count {
            var child = 2 * parent + 1
            let sibling = child + 1
            if sibling < self.elements.count, self.elements[sibling] < self.elements[child] {
                child = sibling
            }
            guard self.elements[child] < self.elements[parent] else { return }
            self.elements.swapAt(child, parent)
            parent = child
        }
    }
}
