// SQLite as the distribution built it; declared here so that Swift sees one header.
#pragma once

#include <sqlite3.h>

// Swift cannot call functions with a variable number of arguments.
static inline int florin_sqlite3_keep_log_on_close(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
