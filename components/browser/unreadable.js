// @ts-check
/** What is wrong with a file, in a sentence for the visitor. */
export class Unreadable extends Error {}
