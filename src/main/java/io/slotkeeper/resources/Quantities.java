package io.slotkeeper.resources;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Quantities as Kubernetes reads them (apimachinery, pkg/api/resource/quantity.go). */
final class Quantities {
  private static final Pattern SHAPE =
      Pattern.compile(
          "([+-]?(?:\\d{1,60}(?:\\.\\d{0,60})?|\\.\\d{1,60}))(?:([KMGTPE])i|([numkMGTPE])|[eE]([+-]?\\d{1,3}))?");

  private static final String BINARY = "KMGTPE";
  private static final String DECIMAL = "num kMGTPE";
  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private Quantities() {}

  /** The amount, rounded up and at most {@link Long#MAX_VALUE}; empty for what is no quantity. */
  static OptionalLong bytes(Quantity quantity) {
    Matcher parts = SHAPE.matcher(quantity.toString());
    if (!parts.matches()) {
      return OptionalLong.empty();
    }
    BigDecimal number = new BigDecimal(parts.group(1));
    BigDecimal amount =
        parts.group(2) != null
            ? number.multiply(BigDecimal.TWO.pow(10 * (1 + BINARY.indexOf(parts.group(2)))))
            : number.scaleByPowerOfTen(exponent(parts.group(3), parts.group(4)));
    return OptionalLong.of(
        amount
            .setScale(0, RoundingMode.CEILING)
            .min(LARGEST)
            .max(LARGEST.negate())
            .longValueExact());
  }

  private static int exponent(@Nullable String suffix, @Nullable String exponent) {
    return suffix != null
        ? 3 * (DECIMAL.indexOf(suffix) - DECIMAL.indexOf(' '))
        : exponent == null ? 0 : Integer.parseInt(exponent);
  }
}
