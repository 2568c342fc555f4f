package io.slotkeeper.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A bucket that speaks S3. */
@ApiObject
public record S3StoreSpec(
    @JsonPropertyDescription("The name of the bucket, which must exist.")
        @Required
        @ValidationRule(
            value = "self.matches('^[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]$')",
            message = "spec.s3.bucket must be the name of a bucket, such as redis-backups")
        String bucket,
    @JsonPropertyDescription("Put before the names of all objects, such as prod.")
        @Nullable
        @Size(max = 256)
        @ValidationRule(
            value = "self.matches('^[-_.A-Za-z0-9]+(/[-_.A-Za-z0-9]+)*$') && !self.contains('..')",
            message = "spec.s3.prefix must be words separated by '/', such as prod/redis")
        String prefix,
    @JsonPropertyDescription("The region of the bucket.") @Default("us-east-1") @Size(max = 64)
        String region,
    @JsonPropertyDescription(
            "The address of the store, such as https://s3.internal; without it, that of Amazon.")
        @Nullable
        @Size(max = 512)
        @ValidationRule(
            value = "self.matches('^https?://[^/?#]+/?$')",
            message = "spec.s3.endpoint must be an address such as https://s3.internal:9000")
        String endpoint,
    @JsonPropertyDescription(
            "True where the bucket is a part of the path and not of the host's name.")
        @Default("false")
        boolean forcePathStyle,
    @JsonPropertyDescription("A Secret with the keys accessKeyId and secretAccessKey.") @Required
        LocalReference credentialsSecretRef,
    @JsonPropertyDescription(
            "A Secret with a key ca.crt, if the certificate of the endpoint is signed by an authority of your own.")
        @Nullable LocalReference caSecretRef) {

  public S3StoreSpec {
    Absent.required(bucket, "bucket");
    Absent.required(credentialsSecretRef, "credentialsSecretRef");
    region = Objects.requireNonNullElse(region, "us-east-1");
  }
}
