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

// The style sheet of the card itself, 1200 × 630 pixels.
export const CARD = `
.card { box-sizing: border-box; width: 1200px; height: 630px; padding: 40px 48px; display: grid; gap: 10px 40px; grid: "head head" "title title" "finding code" "picture code" 1fr "prediction code" "link code" / minmax(0, 1fr) auto; line-height: 1.28; background: linear-gradient(90deg, #0d9488 50%, #8b5cf6 50%) 0 0 / 100% 10px no-repeat var(--ground); }
.card.beside { grid: "head head" "title picture" "finding picture" 1fr "prediction picture" "code picture" "link picture" / 440px minmax(0, 1fr); }
.card > * { margin: 0; min-height: 0; overflow: hidden; }
header { grid-area: head; display: flex; gap: 12px; align-items: center; font-size: 21px; white-space: nowrap; color: var(--faint); }
header b { font-size: 24px; color: var(--ink); }
header svg { flex: none; }
header span, .link { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
h1, .finding, .prediction { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow-wrap: anywhere; }
h1 { grid-area: title; font-weight: 700; }
.finding { grid-area: finding; -webkit-line-clamp: 8; }
.prediction { grid-area: prediction; font-size: 22px; font-weight: 650; }
.prediction.right { color: var(--right); }
.prediction.wrong { color: var(--wrong); }
.link { grid-area: link; font-size: 20px; color: var(--faint); }
.picture { grid-area: picture; width: 100%; height: 100%; }
.code { grid-area: code; align-self: end; }
.beside h1 { -webkit-line-clamp: 6; }
.beside .finding { align-self: start; -webkit-line-clamp: 11; }
`
