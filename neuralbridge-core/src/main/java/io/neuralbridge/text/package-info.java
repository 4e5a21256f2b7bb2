/**
 * Files and texts to passages: reading strictly, cutting along the structure, with bounded memory.
 */
@NullMarked
package io.neuralbridge.text;

import org.jspecify.annotations.NullMarked;
