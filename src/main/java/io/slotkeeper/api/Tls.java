package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether connections are encrypted, and with whose certificate. */
@ApiObject
@ValidationRule(
    value = "!(has(self.secretRef) && has(self.certificate))",
    message =
        "spec.tls.certificate is for certificates that the operator issues: remove it, or spec.tls.secretRef")
public record Tls(
    @JsonPropertyDescription(
            "Required: clients connect to port 6380 with TLS. Allowed: also to port 6379 without. In both, servers and"
                + " Sentinels use TLS among themselves. Disabled: no TLS. Immutable.")
        @Default("Required")
        TlsMode mode,
    @JsonPropertyDescription(
            "A Secret with the keys tls.crt, tls.key and ca.crt, such as cert-manager writes it; without it the operator"
                + " issues the certificate, with an authority of its own for each Redis.")
        @Nullable LocalReference secretRef,
    @JsonPropertyDescription(
            "Further DNS names that clients use. An issued certificate has them; one of secretRef must have them.")
        @Size(max = 20)
        @ValidationRule(
            value =
                "self.all(name, name.size() <= 253 && name.matches('^([*][.])?[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'))",
            message =
                "spec.tls.extraNames has entries that are no DNS names in lower case, such as redis.example.com or *.example.com")
        List<String> extraNames,
    @JsonPropertyDescription("The certificates that the operator issues.")
        @Nullable TlsCertificate certificate) {

  /** The values where it is absent. */
  public static final Tls NONE = new Tls(TlsMode.Disabled, null, null, null);

  public Tls(
      @Nullable TlsMode mode,
      @Nullable LocalReference secretRef,
      @Nullable List<String> extraNames,
      @Nullable TlsCertificate certificate) {
    this.mode = Objects.requireNonNullElse(mode, TlsMode.Required);
    this.secretRef = secretRef;
    this.extraNames = Absent.toEmpty(extraNames);
    this.certificate = certificate;
  }

  /** How certificates are issued. */
  public TlsCertificate effectiveCertificate() {
    return certificate == null ? TlsCertificate.DEFAULT : certificate;
  }
}
