import { contentDigest } from './contentDigest';

it('is the SHA-256 of the bytes, of a text in UTF-8', () => {
  const abc =
    'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(contentDigest('abc')).toBe(abc);
  expect(contentDigest(Buffer.from('abc'))).toBe(abc);
  expect(contentDigest('ü')).toBe(contentDigest(Buffer.from([0xc3, 0xbc])));
});
