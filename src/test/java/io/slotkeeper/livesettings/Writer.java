package io.slotkeeper.livesettings;

import io.slotkeeper.testing.RawConnection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A client that logs in and writes, each time over a new connection. */
final class Writer implements AutoCloseable {
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final AtomicInteger written = new AtomicInteger();
  private final AtomicBoolean done;
  private final Thread thread;

  /**
   * @param done to be set for it to end, after one write at least
   */
  Writer(PasswordServers servers, String password, AtomicBoolean done) {
    this.done = done;
    thread =
        Thread.ofVirtual()
            .start(() -> {
              do {
                write(servers, password);
              } while (!done.get());
            });
  }

  private void write(PasswordServers servers, String password) {
    try (RawConnection connection = servers.connect(servers.master, password)) {
      String reply = connection.ask("SET", "written", "1");
      if (reply.equals("+OK")) {
        written.incrementAndGet();
      } else {
        failures.add(reply);
      }
    } catch (RuntimeException e) {
      failures.add(String.valueOf(e.getMessage()));
    }
  }

  List<String> failures() {
    return failures;
  }

  int written() {
    return written.get();
  }

  void join() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    done.set(true);
    join();
  }
}
