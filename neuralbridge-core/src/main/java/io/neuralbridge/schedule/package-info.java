/** Jobs that recur: schedules, entries that follow them, and the {@code Scheduler} SPI. */
@NullMarked
package io.neuralbridge.schedule;

import org.jspecify.annotations.NullMarked;
