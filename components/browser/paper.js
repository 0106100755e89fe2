// @ts-check
// On paper, our components show nothing that can only be pressed, as the page around them does (`print.css`).

const SHEET = new CSSStyleSheet()
SHEET.replaceSync(`
  @media print {
    button, details:not([open]), input[type=range], label:has(input:is([type=radio], [type=checkbox]):not(:checked)),
    label:has(input[type=file], select) { display: none !important; }
  }
`)

/**
 * Adds the rules for paper to a component's shadow root.
 * @param {Node} place the component's parent element
 */
export function forPaper(place) {
  const root = place.getRootNode()
  if (!(root instanceof ShadowRoot) || root.adoptedStyleSheets.includes(SHEET)) return
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, SHEET]
}
