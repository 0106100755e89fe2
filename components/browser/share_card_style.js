// @ts-check
// The style sheet of “Share as picture”.
export const STYLE = `
:host { display: block; --ink: var(--st-text-color); --ground: var(--st-background-color); --quiet: color-mix(in srgb, var(--ink) 72%, var(--ground)); --good: var(--st-green-text-color); --bad: var(--st-red-text-color); }
button { font: inherit; font-size: var(--font-note); color: var(--st-background-color); padding: 0.4rem 0.75rem; cursor: pointer; background: var(--st-primary-color); border: 1px solid var(--st-primary-color); border-radius: var(--radius); }
button:focus-visible { outline: var(--focus); outline-offset: 2px; }
svg { max-width: 100%; }
div > svg { display: block; width: 100%; margin: 0 0 0.85rem; font-family: var(--st-font); border: 1px solid var(--st-border-color); border-radius: var(--radius-small); }
svg svg text { fill: var(--ink); }
.axis { stroke: var(--ink); stroke-opacity: 0.45; }
p { margin: 0.75rem 0 0; }
p:empty { display: none; }
@media (max-width: 768px), (hover: none) { button { min-height: 44px; } }
`
