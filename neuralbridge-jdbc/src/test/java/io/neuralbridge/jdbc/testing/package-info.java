/** A real PostgreSQL for every module's tests. */
package io.neuralbridge.jdbc.testing;
