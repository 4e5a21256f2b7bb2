/** Spring Boot auto-configuration. */
@NullMarked
package io.neuralbridge.spring;

import org.jspecify.annotations.NullMarked;
