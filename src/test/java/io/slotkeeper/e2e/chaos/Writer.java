package io.slotkeeper.e2e.chaos;

import io.slotkeeper.e2e.chaos.RespConnection.ErrorReply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Appends to a list all the time, whatever happens. */
final class Writer implements Runnable {
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Session session;
  private final String tag;
  private final int shard;
  private final boolean waits;
  private final ReentrantLock turn = new ReentrantLock(true);
  private Page page;
  private Instant last = Instant.now();
  private Duration stall = Duration.ZERO;
  private volatile boolean ended;
  private volatile @Nullable RuntimeException failure;

  /**
   * @param tag the hash tag of its keys, in a slot of the shard
   * @param waits for a replica to have each write, with {@code WAIT 1}
   */
  Writer(Session session, String tag, int shard, boolean waits) {
    this.session = session;
    this.tag = tag;
    this.shard = shard;
    this.waits = waits;
    this.page = blank(0);
  }

  private Page blank(int round) {
    return new Page("{" + tag + "}" + (waits ? "wait:" : "plain:") + round, shard);
  }

  boolean waits() {
    return waits;
  }

  /**
   * What it has written since it was last asked; it goes on in another list.
   *
   * @throws IllegalStateException if it does not: a client that writes nothing loses nothing
   */
  Page turnPage(int round) {
    if (failure != null) {
      throw new IllegalStateException("a client has ended", failure);
    }
    turn.lock();
    try {
      Page done = page;
      page = blank(round);
      return done;
    } finally {
      turn.unlock();
    }
  }

  /** The longest time without an acknowledgement since it was last asked. */
  Duration longestStall() {
    turn.lock();
    try {
      noteStall(Instant.now());
      Duration longest = stall;
      stall = Duration.ZERO;
      return longest;
    } finally {
      turn.unlock();
    }
  }

  /** Whether a write was acknowledged after this. */
  boolean hasWrittenSince(Instant moment) {
    turn.lock();
    try {
      return last.isAfter(moment);
    } finally {
      turn.unlock();
    }
  }

  private void noteStall(Instant now) {
    Duration passed = Duration.between(last, now);
    stall = passed.compareTo(stall) > 0 ? passed : stall;
  }

  @Override
  public void run() {
    try (session) {
      while (!ended) {
        turn.lock();
        try {
          write(page);
        } finally {
          turn.unlock();
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    }
  }

  private void write(Page page) {
    try {
      session.attempt(server -> {
        long number = page.next();
        server.send("RPUSH", page.key(), Long.toString(number));
        if (waits) {
          server.send("WAIT", "1", "500");
        }
        acknowledge(page, number, server);
        return number;
      });
    } catch (IOException | ErrorReply e) {
      // That is what the faults are for. The next attempt goes elsewhere.
    }
  }

  private void acknowledge(Page page, long number, RespConnection server)
      throws IOException, ErrorReply {
    try {
      server.receive();
    } catch (ErrorReply e) {
      if (waits) {
        skipOne(server);
      }
      throw e;
    }
    Instant now = Instant.now();
    noteStall(now);
    last = now;
    page.acknowledge(number, now, 0);
    if (waits) {
      page.acknowledge(number, now, ((Long) server.receive()).intValue());
    }
  }

  private static void skipOne(RespConnection server) throws IOException {
    try {
      server.receive();
    } catch (ErrorReply e) {
      // A replica does not wait for others.
    }
  }

  void end() {
    ended = true;
  }
}
