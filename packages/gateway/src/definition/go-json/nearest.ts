/** The name in `names` that is nearest to `given` by edit distance, if it is near enough to be what was meant. */
export function nearestName(given: string, names: Iterable<string>): string | undefined {
  const wanted = given.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let distance = limit + 1;
  for (const name of names) {
    const found = Math.abs(name.length - wanted.length) < distance ? editDistance(wanted, name.toLowerCase()) : distance;
    if (found < distance) [best, distance] = [name, found];
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(cell(a, b, i, j, [before, row, next]));
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}

type Rows = readonly [before: number[], row: number[], next: number[]];

function cell(a: string, b: string, i: number, j: number, [before, row, next]: Rows): number {
  const same = a[i - 1] === b[j - 1];
  const best = Math.min(at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + (same ? 0 : 1));
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return swapped ? Math.min(best, at(before, j - 2) + 1) : best;
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
