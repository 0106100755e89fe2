// The words of the glossary that a page underlines. Python writes this module into the page's script.
import type { Word } from "./glossary_match.js"

export const WORDS: Word[]
