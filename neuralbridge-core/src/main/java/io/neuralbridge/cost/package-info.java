/** What embedding costs: tokens and money, by day, model, tenant and document, and budgets. */
@NullMarked
package io.neuralbridge.cost;

import org.jspecify.annotations.NullMarked;
