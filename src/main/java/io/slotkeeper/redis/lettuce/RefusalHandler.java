package io.slotkeeper.redis.lettuce;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Reads what a server says before it is asked. A server that refuses a connection says why and
 * closes it: {@code -ERR max number of clients reached} ({@code networking.c:acceptCommonHandler}).
 * Lettuce drops a reply that belongs to no command.
 */
final class RefusalHandler extends ChannelDuplexHandler {
  private final Refusals refusals;
  private boolean asked;

  RefusalHandler(Refusals refusals) {
    this.refusals = refusals;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    asked = true;
    super.write(context, message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (!asked
        && message instanceof ByteBuf bytes
        && isError(bytes)
        && context.channel().remoteAddress() instanceof InetSocketAddress server) {
      String reply = bytes.toString(StandardCharsets.UTF_8).substring(1).strip();
      refusals.add(server, reply);
    }
    super.channelRead(context, message);
  }

  private static boolean isError(ByteBuf bytes) {
    return bytes.isReadable() && bytes.getByte(bytes.readerIndex()) == '-';
  }
}
