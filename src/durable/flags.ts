/**
 * Changes of what a method or an executor does that would make older journals disagree, by number. A run keeps the flags
 * that it was begun with: code that behaves differently under one asks for it, so that old runs can still be resumed.
 */
export const BEHAVIOUR_FLAGS: Readonly<Record<number, string>> = {};

/** The flags of runs that begin now. */
export const CURRENT_FLAGS: readonly number[] = Object.keys(BEHAVIOUR_FLAGS).map(Number);
