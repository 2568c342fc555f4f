# The operator's image. The same one is made without Docker by `dev/cluster/image operator`,
# which reads USER and ENTRYPOINT from here and checks the destinations of COPY.
FROM maven:3-eclipse-temurin-25 AS build
WORKDIR /src
COPY dev/image dev/image
RUN jlink @dev/image/jlink.options --output /opt/java
COPY pom.xml ./
COPY .mvn .mvn
COPY src src
COPY crds crds
RUN mvn -B -ntp -q package -DskipTests -Dspotless.check.skip

FROM debian:trixie-slim
COPY --from=build /opt/java /opt/java
COPY --from=build /src/target/lib /opt/slotkeeper/lib
COPY --from=build /src/target/slotkeeper.jar /opt/slotkeeper/slotkeeper.jar
COPY dev/image/java.options /opt/slotkeeper/java.options
USER 65532:65532
ENTRYPOINT ["/opt/java/bin/java", "@/opt/slotkeeper/java.options"]
