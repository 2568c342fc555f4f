package io.slotkeeper.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.netty.channel.ConnectTimeoutException;
import io.slotkeeper.redis.RedisNodes.Endpoint;
import io.slotkeeper.redis.RedisUnavailableException.Kind;
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

class FailuresTest {
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
  void onlyARefusalSaysThatNobodyIsThere(IOException cause, Kind kind) {
    assertThat(kind(new RedisConnectionException("Unable to connect", cause))).isEqualTo(kind);
  }

  @Test
  void theDeadlineAndTheEndOfAConnection() {
    assertThat(kind(new TimeoutException())).isEqualTo(Kind.TIMEOUT);
    assertThat(kind(new InterruptedException())).isEqualTo(Kind.TIMEOUT);
    assertThat(kind(new RedisException("Connection closed"))).isEqualTo(Kind.CLOSED);
    assertThat(Failures.of(ENDPOINT, new ExecutionException(new RedisException("Rejected"))))
        .hasMessage("10.0.0.1:6379: the connection broke (Rejected)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LOADING Redis is loading the dataset in memory | LOADING",
        "NOAUTH Authentication required. | DENIED",
        "WRONGPASS invalid username-password pair or user is disabled. | DENIED",
        "ERR AUTH <password> called without any password configured for the default user. | DENIED",
        "DENIED Redis is running in protected mode | DENIED",
        "ERR max number of clients reached | CLOSED"
      })
  void someRepliesMeanThatTheServerCannotBeAsked(String reply, Kind kind) {
    assertThat(kind(new RedisCommandExecutionException(reply))).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ERR Unknown node 0123",
        "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        "NOPERM this user has no permissions to run the 'cluster|nodes' command"
      })
  void otherRepliesAreTheServersAnswer(String reply) {
    assertThat(of(new RedisCommandExecutionException(reply)))
        .isInstanceOf(RedisErrorException.class)
        .hasMessage(reply);
  }

  private static Kind kind(Throwable cause) {
    assertThat(of(cause)).isInstanceOf(RedisUnavailableException.class);
    assertThat(of(cause)).hasMessageStartingWith("10.0.0.1:6379: ");
    return ((RedisUnavailableException) of(cause)).kind();
  }

  private static RuntimeException of(Throwable cause) {
    return Failures.of(ENDPOINT, new ExecutionException(cause));
  }
}
