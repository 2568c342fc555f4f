package io.slotkeeper.redis;

/**
 * How a server keeps its data, according to itself ({@code INFO server}, {@code INFO persistence},
 * {@code CONFIG GET save}).
 *
 * @param runId {@code run_id}: another one after each start
 * @param aof {@code aof_enabled}
 * @param rewriting an AOF rewrite runs or is scheduled. An AOF that has just been turned on is
 *     complete when its first rewrite is
 * @param rewriteFailed {@code aof_last_bgrewrite_status:err}
 * @param saving {@code rdb_bgsave_in_progress}
 * @param saveFailed {@code rdb_last_bgsave_status:err}
 * @param lastSave {@code rdb_last_save_time}: the end of the last successful snapshot, or the start
 *     of the server, in seconds of its clock
 * @param save the value of {@code save}; empty where the server takes no snapshots by itself
 */
public record Persistence(
    String runId,
    boolean aof,
    boolean rewriting,
    boolean rewriteFailed,
    boolean saving,
    boolean saveFailed,
    long lastSave,
    String save) {}
