package io.slotkeeper.e2e;

import io.slotkeeper.testing.TestCluster;
import java.util.Locale;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Installs the operator before the first class of tests, gives each class a namespace, prints what
 * a person would look at when a test fails, and takes everything away at the end.
 */
final class ClusterExtension
    implements BeforeAllCallback, AfterAllCallback, AfterEachCallback, ParameterResolver {
  private static final Namespace OURS = Namespace.create(ClusterExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    space(context);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    context.getExecutionException().ifPresent(_ -> explain(context));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    // A failure here is one of @BeforeAll: those of the tests are already reported.
    context.getExecutionException().ifPresent(_ -> explain(context));
    space(context).delete();
  }

  private static void explain(ExtensionContext context) {
    System.out.println("\n===== " + context.getDisplayName() + " failed; what is there:");
    System.out.println(space(context).describe());
  }

  /** That of the class; an instance for the whole class is constructed before all else. */
  private static Space space(ExtensionContext context) {
    return context.getStore(OURS).computeIfAbsent(Space.class, _ -> newSpace(context), Space.class);
  }

  private static Space newSpace(ExtensionContext context) {
    // In the root's store: closed when the last test of this JVM has ended.
    var operator =
        context
            .getRoot()
            .getStore(OURS)
            .computeIfAbsent(
                InstalledOperator.class, _ -> InstalledOperator.install(), InstalledOperator.class);
    String prefix = context.getRequiredTestClass().getSimpleName().replaceFirst("Test$", "");
    var namespace = TestCluster.get().namespace("e2e-" + prefix.toLowerCase(Locale.ROOT));
    return new Space(TestCluster.get(), namespace.name(), operator);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Space.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return space(context);
  }
}
