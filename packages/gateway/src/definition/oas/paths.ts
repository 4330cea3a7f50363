const PARAMETER = /\{[^}]+\}/g;

const depth = (path: string): number => path.split('/').length;

/**
 * Order in which the paths of a document are matched: deeper first, then longer, then by the alphabet, all without counting
 * parameters, so that `/users/me` stands before `/users/{id}` (spec/gateway/api-definition-oas.md §6).
 */
export function comparePaths(left: string, right: string): number {
  const [plainLeft, plainRight] = [left.replace(PARAMETER, ''), right.replace(PARAMETER, '')];
  const byDepth = depth(plainRight) - depth(plainLeft);
  if (byDepth !== 0) return byDepth;
  const byLength = plainRight.length - plainLeft.length;
  if (byLength !== 0) return byLength;
  return left < right ? -1 : Number(left > right);
}
