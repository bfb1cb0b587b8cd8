/** A colour as getComputedStyle() gives it: red, green and blue of 0 to 255, opacity of 0 to 1. Throws on what is none. */
export function parseColour(text: string): readonly [number, number, number, number] {
  const numbers = /^rgba?\(([\d., ]+)\)$/.exec(text)?.[1]?.split(',').map(Number) ?? [];
  const [red, green, blue, opacity = 1] = numbers;
  if (red === undefined || green === undefined || blue === undefined) throw new Error(`Not a colour: ${text}`);
  return [red, green, blue, opacity];
}

/** The contrast of two opaque colours, from 1 to 21: WCAG 2.2, "contrast ratio". Takes them as getComputedStyle() gives them. */
export function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const [red, green, blue] = parseColour(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
