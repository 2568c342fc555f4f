package io.slotkeeper.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A class of tests on a cluster where the operator is installed. It has a {@link Space} of its own,
 * which its constructor and its methods can take as a parameter.
 */
@Tag("kubernetes")
@Isolated("its tests end servers, nodes and the operator")
@ExtendWith(ClusterExtension.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnCluster {}
