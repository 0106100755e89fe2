// The words of the glossary that a page underlines. `.ci/bundle` writes this module.
import type { Word } from "./glossary_match.js"

export const WORDS: Word[]
