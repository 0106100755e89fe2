// @ts-check
// The style sheet of “Share as picture”, in the theme's colours.
export const STYLE = `
button { display: inline-flex; gap: 0.45rem; align-items: center; font: inherit; font-size: var(--font-note); color: var(--st-text-color); padding: 0.4rem 0.75rem; cursor: pointer; background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color); border-radius: var(--radius); }
button:hover { border-color: var(--st-primary-color); }
button:focus-visible, input:focus-visible { outline: var(--focus); outline-offset: 2px; }
button[hidden], label[hidden] { display: none; }
.open { background: none; }
.main { color: var(--st-background-color); background: var(--st-primary-color); border-color: var(--st-primary-color); }
dialog { box-sizing: border-box; width: min(760px, calc(100vw - 1.5rem)); max-height: calc(100vh - 1.5rem); overflow: auto; padding: 1rem 1.25rem 1.1rem; color: var(--st-text-color); background: var(--st-background-color); font-family: var(--st-font); font-size: var(--font-note); border: 1px solid var(--st-border-color); border-radius: var(--radius); box-shadow: var(--shadow-over); }
dialog::backdrop { background: color-mix(in srgb, black 45%, transparent); }
h2 { margin: 0 0 0.75rem; font: var(--st-heading-font-weight-2, 650) var(--st-heading-font-size-2, 1.15rem)/1.3 var(--st-heading-font); }
img { display: block; width: 100%; height: auto; aspect-ratio: 1200 / 630; margin: 0 0 0.85rem; border: 1px solid var(--st-border-color); border-radius: var(--radius-small); background: var(--st-secondary-background-color); }
label { display: flex; gap: 0.55rem; align-items: center; margin: 0 0 0.85rem; cursor: pointer; }
input { width: 1.1rem; height: 1.1rem; margin: 0; accent-color: var(--st-primary-color); cursor: pointer; }
.buttons { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.buttons > :last-child { margin-left: auto; }
p { margin: 0.75rem 0 0; }
p:empty { display: none; }
@media (max-width: 768px), (hover: none) { button { min-height: 44px; } label { min-height: 44px; } input { width: 1.4rem; height: 1.4rem; } }
`
