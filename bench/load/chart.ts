/** A bar chart: groups of horizontal bars, less is better. */
export interface Chart {
  readonly title: string;
  /** Unit of the values, behind each of them. */
  readonly unit: string;
  /** Whether a bar grows with the logarithm of its value. */
  readonly isLogarithmic: boolean;
  readonly groups: readonly ChartGroup[];
}

/** Bars that are compared. */
export interface ChartGroup {
  readonly title: string;
  readonly bars: readonly { readonly label: string; readonly value: number }[];
}

const WIDTH = 760;
const BAR_LEFT = 170;
const BAR_WIDTH = 480;
const ROW = 20;
const GROUP_HEAD = 34;
const TOP = 44;

const STYLE = [
  "text{font:13px system-ui,sans-serif;fill:#24292f}.title{font-weight:600;font-size:15px}.group{font-weight:600}",
  ".value{fill:#57606a}.bar{fill:#8c959f}.ours{fill:#0969da}.page{fill:#fff}",
  "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.value{fill:#9198a1}.bar{fill:#59636e}.ours{fill:#4493f8}.page{fill:#0d1117}}",
].join("");

/** Draws a chart as an SVG document that follows the reader's light or dark scheme. */
export function drawChart({ title, unit, isLogarithmic, groups }: Chart): string {
  const scale = scaleFor(groups, isLogarithmic);
  let top = TOP;
  const parts = groups.map(({ title: groupTitle, bars }) => {
    const head = text({ x: 16, y: top + 16, style: "group" }, groupTitle);
    const drawn = bars.map(({ label, value }, index) => {
      const y = top + GROUP_HEAD - 10 + index * ROW;
      const style = label.startsWith("hutong") ? "ours" : "bar";
      const width = scale(value).toFixed(1);
      return [
        text({ x: 28, y: y + 13, style: "label" }, label),
        `<rect class="${style}" x="${BAR_LEFT}" y="${y + 3}" width="${width}" height="13" rx="2"/>`,
        text({ x: BAR_LEFT + Number(width) + 6, y: y + 13, style: "value" }, `${format(value)} ${unit}`),
      ].join("");
    });
    top += GROUP_HEAD + bars.length * ROW;
    return head + drawn.join("\n");
  });
  const height = top + 12;
  const remark = isLogarithmic ? `${title}; logarithmic scale, shorter is better` : `${title}; shorter is better`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(remark)}">`,
    `<style>${STYLE}</style><rect class="page" width="${WIDTH}" height="${height}" rx="6"/>`,
    text({ x: 16, y: 28, style: "title" }, remark),
    ...parts,
    "</svg>\n",
  ].join("\n");
}

function scaleFor(groups: readonly ChartGroup[], isLogarithmic: boolean): (value: number) => number {
  const values = groups.flatMap(({ bars }) => bars.map(({ value }) => value)).filter((value) => value > 0);
  const max = Math.max(...values);
  if (!isLogarithmic) return (value) => (value / max) * BAR_WIDTH;
  // One decade below the least value, so that every bar can be seen.
  const low = Math.floor(Math.log10(Math.min(...values))) - 0.2;
  const span = Math.log10(max) - low;
  return (value) => ((Math.log10(value) - low) / span) * BAR_WIDTH;
}

function text(
  { x, y, style }: { readonly x: number; readonly y: number; readonly style: string },
  words: string,
): string {
  return `<text class="${style}" x="${x}" y="${y}">${escape(words)}</text>`;
}

function format(value: number): string {
  return String(Number(value.toPrecision(value >= 10 ? 3 : 2)));
}

function escape(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
