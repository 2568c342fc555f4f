package io.slotkeeper.redis.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.netty.channel.ConnectTimeoutException;
import io.slotkeeper.redis.RedisErrorException;
import io.slotkeeper.redis.RedisUnavailableException;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
import io.slotkeeper.redis.cluster.RedisNodes.Endpoint;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LettuceErrorsTest {
  private static final Endpoint ENDPOINT = new Endpoint("uid", "10.0.0.1", 6379, "secret");

  static Stream<Arguments> connecting() {
    return Stream.of(
        Arguments.of(new ConnectException("Connection refused: /10.0.0.1:6379"), Kind.REFUSED),
        Arguments.of(new ConnectException("Connection timed out"), Kind.TIMEOUT),
        Arguments.of(new ConnectTimeoutException("Connection refused by time"), Kind.TIMEOUT),
        Arguments.of(new NoRouteToHostException("No route to host"), Kind.TIMEOUT),
        Arguments.of(new SocketException("Network is unreachable"), Kind.TIMEOUT),
        Arguments.of(new SocketException("Host is down"), Kind.TIMEOUT),
        Arguments.of(new SocketException("Connection reset"), Kind.CLOSED),
        Arguments.of(new IOException("Connection reset by peer"), Kind.CLOSED));
  }

  @ParameterizedTest
  @MethodSource("connecting")
  void onlyARefusalSaysThatNoProcessIsThere(IOException cause, Kind kind) {
    assertThat(kind(new RedisConnectionException("Unable to connect", cause))).isEqualTo(kind);
  }

  @Test
  void theDeadlineAndTheEndOfAConnection() {
    assertThat(kind(new TimeoutException())).isEqualTo(Kind.TIMEOUT);
    assertThat(kind(new InterruptedException())).isEqualTo(Kind.TIMEOUT);
    assertThat(kind(new RedisException("Connection closed"))).isEqualTo(Kind.CLOSED);
    assertThat(LettuceErrors.of(ENDPOINT, new ExecutionException(new RedisException("Rejected"))))
        .hasMessage("10.0.0.1:6379: the connection broke (Rejected)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LOADING Redis is loading the dataset in memory | LOADING",
        "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE. | BUSY",
        "BUSY Valkey is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE. | BUSY",
        "BUSY Redis is busy running a module command. | BUSY",
        "NOAUTH Authentication required. | PASSWORD_REQUIRED",
        "WRONGPASS invalid username-password pair or user is disabled. | WRONG_PASSWORD",
        "ERR AUTH <password> called without any password configured for the default user. | NO_PASSWORD",
        "NOPERM this user has no permissions to run the 'info' command | NOT_PERMITTED",
        "NOPERM User default has no permissions to run the 'info' command | NOT_PERMITTED",
        "DENIED Redis is running in protected mode because it has no password. In this mode | ERROR",
        "ERR max number of clients reached | MAX_CLIENTS",
        "ERR max number of clients + cluster connections reached | MAX_CLIENTS"
      })
  void someRepliesMeanThatTheServerCannotBeAsked(String reply, Kind kind) {
    assertThat(kind(new RedisCommandExecutionException(reply))).isEqualTo(kind);
    assertThat(kind.answers()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ERR Unknown node 0123",
        "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        "MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist to disk.",
        "OOM command not allowed when used memory > 'maxmemory'.",
        "CLUSTERDOWN Hash slot not served",
        "READONLY You can't write against a read only replica.",
        "NOREPLICAS Not enough good replicas to write.",
        "BUSYKEY Target key name already exists.",
        "BUSYGROUP Consumer Group name already exists"
      })
  void otherRepliesAreTheServersAnswer(String reply) {
    assertThat(of(new RedisCommandExecutionException(reply)))
        .isInstanceOf(RedisErrorException.class)
        .hasMessage(reply);
  }

  @Test
  void whatAServerRepeatsOfAnUnknownCommandIsKeptSecret() {
    assertThat(
            of(
                new RedisCommandExecutionException(
                    "ERR unknown command 'AUTH', with args beginning with: 'secret' ")))
        .hasMessage("ERR unknown command 'AUTH'");
  }

  private static Kind kind(Throwable cause) {
    assertThat(of(cause)).isInstanceOf(RedisUnavailableException.class);
    assertThat(of(cause)).hasMessageStartingWith("10.0.0.1:6379: ");
    return ((RedisUnavailableException) of(cause)).kind();
  }

  private static RuntimeException of(Throwable cause) {
    return LettuceErrors.of(ENDPOINT, new ExecutionException(cause));
  }
}
