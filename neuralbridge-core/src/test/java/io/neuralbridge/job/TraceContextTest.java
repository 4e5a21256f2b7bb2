package io.neuralbridge.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {

  private static final String TRACEPARENT =
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n"
      })
  void whatIsNoTraceparentIsRefused(String text) {
    assertThat(TraceContext.parse(text, null)).isEmpty();
    assertThatThrownBy(() -> TraceContext.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("such as 00-");
  }

  @Test
  void laterVersionsMaySayMore() {
    String later = "01" + TRACEPARENT.substring(2) + "-what-comes";

    assertThat(TraceContext.parse(later, null)).contains(TraceContext.of(later));
  }

  @Test
  void aTracestateThatIsTooLongIsLeftOutByWhoReads() {
    assertThat(TraceContext.parse(TRACEPARENT, "v=" + "x".repeat(511)))
        .contains(TraceContext.of(TRACEPARENT));
    assertThatThrownBy(() -> new TraceContext(TRACEPARENT, "x".repeat(513)))
        .hasMessageContaining("513 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "{\"k\":null}", "{\"k\":{}}", "{", "", "7"})
  void aLoggingContextThatCannotBeReadIsLeftOut(String json) {
    JobSpec spec = JobType.of("greet", String.class).request("x").toNewJob().spec();

    assertThat(CarriedContext.of(spec.withMeta(Map.of(CarriedContext.MDC_KEY, json))))
        .isEqualTo(CarriedContext.NONE);
  }

  @Test
  void theLimitsOfTheMetaDoNotCountWhatIsCarriedButBoundIt() {
    JobSpec spec = JobType.of("greet", String.class).request("x").toNewJob().spec();
    CarriedContext context =
        new CarriedContext(Map.of("k", "v".repeat(1_999)), TraceContext.of(TRACEPARENT));

    JobSpec carrying = context.addTo(spec.withMeta(Map.of("own", "x".repeat(3_997))));

    assertThat(CarriedContext.of(carrying)).isEqualTo(context);
    assertThat(carrying.meta().keySet()).isEqualTo(Set.of("nb.mdc", "nb.traceparent", "own"));
    assertThatThrownBy(() -> spec.withMeta(Map.of("nb.mdc", "x".repeat(20_000))))
        .hasMessageContaining("nb.mdc")
        .hasMessageContaining("20006 characters");
    assertThatThrownBy(() -> new CarriedContext(Map.of("k", "v".repeat(2_000)), null))
        .hasMessageContaining("2001 characters");
  }
}
