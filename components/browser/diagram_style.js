// @ts-check
// The style sheet of the diagram, in the theme's colours. Forced colours draw borders that are transparent here.
export const STYLE = `
.diagram { position: relative; container-type: inline-size; color: var(--st-text-color); font-family: var(--st-font); --cell: color-mix(in srgb, var(--st-text-color) 6%, var(--st-background-color)); }
.diagram h2 { margin: 0; font: var(--st-heading-font-weight-2, 650) var(--st-heading-font-size-2, 1.15rem)/1.3 var(--st-heading-font); color: var(--st-heading-color); }
.head { display: flex; gap: var(--space-3); align-items: start; justify-content: space-between; min-height: 28px; margin-bottom: var(--space-2); }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 290px), 1fr)); gap: var(--space-1) var(--space-6); }
.sides > div { min-width: 0; }
.sides > :only-child { max-width: 620px; }
svg { display: block; overflow: visible; font-family: var(--st-font); touch-action: pan-x pan-y; }
svg text { user-select: none; pointer-events: none; }
svg text:not([fill]) { fill: var(--st-text-color); }
svg .name, svg .number { font-weight: 600; }
svg .faint:not([fill]) { fill: color-mix(in srgb, var(--st-text-color) 78%, var(--st-background-color)); }
svg .value { font-variant-numeric: tabular-nums; }
.box { fill-opacity: 0.13; }
.walls { fill: none; stroke-width: 1.6; }
.moving .boxes { filter: drop-shadow(0 0 calc(var(--glow, 0) * 9px) var(--st-primary-color)); }
.trunk { transition: opacity 0.35s; }
.moving .trunk { opacity: 0.35; }
.frame { fill: none; stroke-width: 1.4; pointer-events: none; }
.ground { fill: var(--st-background-color); }
.ring { fill: none; stroke: var(--st-text-color); stroke-opacity: 0.38; stroke-width: 1; }
.neuron .number { pointer-events: none; }
.button { cursor: pointer; }
.button:hover .ring { stroke-opacity: 1; stroke-width: 2; }
.chosen .ring { stroke-opacity: 1; stroke-width: 2.5; }
.soft .edge { transition: stroke-opacity 0.2s, stroke-width 0.2s; }
.foot { display: flex; flex-wrap: wrap; gap: var(--space-2) var(--space-4); align-items: center; margin-top: var(--space-2); min-height: 40px; font-size: var(--font-note); }
.foot p { margin: 0; flex: 1 1 260px; }
.pill { border: 1px solid transparent; border-radius: var(--radius-round); padding: var(--space-2) var(--space-5); font: 650 var(--font-note) var(--st-font); cursor: pointer; color: var(--on-accent); background: var(--st-primary-color); display: inline-flex; gap: var(--space-2); align-items: center; transition: transform 0.15s, box-shadow 0.15s; }
.pill[hidden] { display: none; }
.pill:hover { transform: translateY(-1px); box-shadow: 0 3px 12px color-mix(in srgb, var(--st-primary-color) 45%, transparent); background: var(--accent-strong); }
.pill:active { transform: none; }
.pill:focus-visible, .save:focus-visible, select:focus-visible { outline: var(--focus); outline-offset: 2px; }
.pill svg { overflow: hidden; }
.choose { display: inline-flex; gap: var(--space-2); align-items: center; font-size: var(--font-small); }
.diagram select { font: var(--font-small) var(--st-font); color: var(--st-text-color); background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color); border-radius: var(--radius); padding: var(--space-1) var(--space-2); max-width: 190px; }
.save { border: 1px solid transparent; border-radius: var(--radius); background: none; color: var(--st-text-color); padding: var(--space-1); cursor: pointer; line-height: 0; }
.save:hover { border-color: var(--st-border-color); background: var(--st-secondary-background-color); }
@container (max-width: 603px) { .body { display: flex; flex-direction: column; } .foot { order: -1; margin: 0 0 var(--space-2); } }
.legend { margin: var(--space-2) 0 0; font-size: var(--font-tiny); line-height: 1.35; color: color-mix(in srgb, var(--st-text-color) 78%, var(--st-background-color)); }
.tooltip { position: absolute; z-index: 5; transform: translate(-50%, calc(-100% - 12px)); max-width: 260px; padding: var(--space-2); border-radius: var(--radius); font-size: var(--font-tiny); line-height: 1.35; pointer-events: none; color: var(--st-text-color); background: var(--over); border: 1px solid var(--st-border-color); box-shadow: var(--shadow-over); }
.tooltip strong { display: block; }
@media (prefers-reduced-motion: reduce) { .diagram * { transition: none !important; } }
`
