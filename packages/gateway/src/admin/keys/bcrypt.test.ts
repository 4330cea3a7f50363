import { describe, expect, it } from 'vitest';
import { bcrypt } from './bcrypt.ts';

/** Salt of a known hash, from bcrypt's base64. */
function saltOf(hash: string): Buffer {
  const own = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const digits = hash
    .slice(7, 29)
    .split('')
    .map((digit) => standard[own.indexOf(digit)] ?? '');
  return Buffer.from(digits.join(''), 'base64');
}

describe('bcrypt', () => {
  // Made with the C library's crypt(3).
  it.each([
    ['', '$2a$05$XajjQvNhvvRt5GSeFk1xFeGvh4DI6Gtwte0lNft/caBT.CePzbvY.'],
    ['apple', '$2a$04$......................Obp5.x4THl2J5W/GZUthblZRIRq0zPG'],
    ['apple', '$2a$06$DCq7YPn5Rq63x1Lad4cll.8MV8U1JHSUc1YXz4hBdmwwEKlQtOrVO'],
    ['schlüssel', '$2a$05$XajjQvNhvvRt5GSeFk1xFeBD4HgAnbUbI9mYCo069AURtRTuTbf8i'],
    ['U*U*', '$2a$05$XajjQvNhvvRt5GSeFk1xFemF12pXJ7VJP3FFkCI656N6Mgmj2PbJG'],
    ['x'.repeat(72), '$2a$05$XajjQvNhvvRt5GSeFk1xFeOzLLSjYIzUePQBF0kcOPjgRQM3sUJQq'],
  ])('%j', async (password, hash) => {
    expect(await bcrypt(password, Number(hash.slice(4, 6)), saltOf(hash))).toBe(hash);
  });

  it('draws a new salt for each password', async () => {
    const [a, b] = await Promise.all([bcrypt('same', 4), bcrypt('same', 4)]);
    expect(a).toMatch(/^\$2a\$04\$[./A-Za-z0-9]{53}$/);
    expect(a).not.toBe(b);
  });

  it('refuses what it would have to cut', async () => {
    await expect(bcrypt('ä'.repeat(37), 4)).rejects.toThrow('at most 72 bytes');
    await expect(bcrypt('ä'.repeat(36), 4)).resolves.toMatch(/^\$2a\$/);
  });
});
