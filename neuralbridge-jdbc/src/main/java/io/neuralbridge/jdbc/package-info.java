/** JDBC persistence: the same queue, knowledge and vectors on PostgreSQL and H2. */
@NullMarked
package io.neuralbridge.jdbc;

import org.jspecify.annotations.NullMarked;
