// @ts-check
// The style sheet of the diagram, in the theme's colours. Forced colours draw borders that are transparent here.
export const STYLE = `
.diagram { position: relative; container-type: inline-size; color: var(--st-text-color); font-family: var(--st-font); }
.diagram h2 { margin: 0; font: var(--st-heading-font-weight-2, 650) var(--st-heading-font-size-2, 1.15rem)/1.3 var(--st-heading-font); color: var(--st-heading-color); }
.head { display: flex; gap: var(--space-3); align-items: start; justify-content: space-between; min-height: 28px; margin-bottom: var(--space-2); }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 290px), 1fr)); gap: var(--space-1) var(--space-6); }
.sides > div { min-width: 0; }
.sides > :only-child { max-width: 620px; }
svg { display: block; overflow: visible; font-family: var(--st-font); touch-action: pan-x pan-y; }
svg text { fill: var(--st-text-color); user-select: none; pointer-events: none; }
svg .title { font-weight: 700; }
svg .name, svg .number { font-weight: 600; }
svg .faint, svg .faint text { fill: color-mix(in srgb, var(--st-text-color) 78%, var(--st-background-color)); }
svg .value { font-variant-numeric: tabular-nums; }
.box { fill-opacity: 0.13; }
.walls { fill: none; stroke-width: 1.6; }
.moving .boxes { filter: drop-shadow(0 0 calc(var(--glow, 0) * 9px) var(--st-primary-color)); }
.trunk { transition: opacity 0.35s; }
.moving .trunk { opacity: 0.35; }
.frame { fill: none; stroke-width: 1.4; pointer-events: none; }
.time { fill: none; stroke: var(--neutral); stroke-opacity: 0.5; }
.time .dots { stroke-opacity: 0.8; stroke-width: 3.6; stroke-linecap: round; stroke-dasharray: 0 6; }
.edge { fill: none; stroke-linecap: round; }
.sides:not(.playing) .edge { transition: stroke-opacity 0.2s, stroke-width 0.2s; }
.plain .edge { stroke-width: 1.6; stroke-opacity: 0.85; }
.plain.many .edge { stroke-width: 1; stroke-opacity: 0.5; }
.plain .trunk .edge { stroke-width: 0.8; stroke-opacity: 0.26; }
.plain.focused .edge[data-lit="true"] { stroke-width: 2.4; }
.focused .edge[data-lit="true"] { stroke-opacity: 1; }
.focused .edge[data-lit="false"] { stroke: var(--neutral); stroke-width: 0.7; stroke-opacity: 0.13; }
.cell { fill-opacity: 0.8; }
.weighted .cell { fill-opacity: 1; }
[data-lit="false"] > .cell { opacity: 0.18; }
[data-lit="false"] > .value { visibility: hidden; }
.neuron { outline: none; }
.body { fill: var(--hue); }
.number { fill: var(--on); }
[data-lit="false"] > .body { fill: color-mix(in srgb, var(--hue) 35%, var(--st-background-color)); }
[data-lit="false"] > .number { fill: var(--st-text-color); }
.ring { fill: var(--st-background-color); stroke: var(--st-text-color); stroke-opacity: 0.38; }
[role="button"] { cursor: pointer; }
[role="button"]:hover .ring, [aria-pressed="true"] .ring { stroke-opacity: 1; stroke-width: 2.2; }
.neuron:focus-visible .ring { stroke: var(--st-primary-color); stroke-opacity: 1; stroke-width: 4; }
.foot { display: flex; flex-wrap: wrap; gap: var(--space-2) var(--space-4); align-items: center; margin-top: var(--space-2); min-height: 40px; font-size: var(--font-note); }
.foot p { margin: 0; flex: 1 1 260px; }
.pill { border: 1px solid transparent; border-radius: var(--radius-round); padding: var(--space-2) var(--space-5); font: 650 var(--font-note) var(--st-font); cursor: pointer; color: var(--on-accent); background: var(--st-primary-color); display: inline-flex; gap: var(--space-2); align-items: center; transition: transform 0.15s, box-shadow 0.15s; }
.pill[hidden] { display: none; }
.pill:hover { transform: translateY(-1px); box-shadow: 0 3px 12px color-mix(in srgb, var(--st-primary-color) 45%, transparent); background: var(--accent-strong); }
.pill:active { transform: none; }
.pill:focus-visible, .save:focus-visible { outline: var(--focus); outline-offset: 2px; }
.save { border: 1px solid transparent; border-radius: var(--radius); background: none; color: var(--st-text-color); padding: var(--space-1); cursor: pointer; line-height: 0; }
.icon { fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.save:hover { border-color: var(--st-border-color); background: var(--st-secondary-background-color); }
@container (max-width: 603px) { .body { display: flex; flex-direction: column; } .foot { order: -1; margin: 0 0 var(--space-2); } }
.legend { margin: var(--space-2) 0 0; font-size: var(--font-tiny); line-height: 1.35; color: color-mix(in srgb, var(--st-text-color) 78%, var(--st-background-color)); }
.diagram.simple :is(.head, .legend), .diagram .foot[hidden] { display: none; }
.simple .pill { color: var(--st-text-color); background: none; border-color: var(--edge); }
.simple.diagram .foot { order: 1; margin: var(--space-2) 0 0; }
.tooltip { position: absolute; z-index: 5; transform: translate(-50%, calc(-100% - 12px)); max-width: 260px; padding: var(--space-2); border-radius: var(--radius); font-size: var(--font-tiny); line-height: 1.35; pointer-events: none; color: var(--st-text-color); background: var(--over); border: 1px solid var(--st-border-color); box-shadow: var(--shadow); }
@media (prefers-reduced-motion: reduce) { .diagram * { transition: none !important; } }
`
