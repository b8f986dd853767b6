import fc from 'fast-check';
import { AddressPolicy } from './AddressPolicy';

const policy = new AddressPolicy();
const open = new AddressPolicy(['0.0.0.0/0', '::/0']);

it.each([
  '1.1.1.1',
  '93.184.216.34',
  '172.15.255.255',
  '172.32.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '2606:4700:4700::1111',
  '2a00:1450:4001:810::200e',
])('allows the public address %s', address => {
  expect(policy.allows(address)).toBe(true);
});

it.each([
  '10.0.0.1',
  '100.64.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.7',
  '203.0.113.7',
  'fc00::1',
  'fd12:3456::1',
  '2001:db8::1',
  '3fff::1',
  '4000::1',
])('allows %s only where its network is configured', address => {
  expect(policy.allows(address)).toBe(false);
  expect(open.allows(address)).toBe(true);
});

it.each([
  '0.0.0.0',
  '0.1.2.3',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '168.63.129.16',
  '100.100.100.200',
  '192.0.0.192',
  '224.0.0.1',
  '239.255.255.250',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:1.1.1.1',
  '::ffff:0:127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::1.1.1.1',
  '64:ff9b:1::a00:1',
  '2002:7f00:1::1',
  '2001:0:7f00:1::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  'fd00:ec2::254',
  '127.1',
  '2130706433',
  '0x7f.0.0.1',
  '017700000001',
  'localhost',
  '',
])('never allows %s', address => {
  expect(policy.allows(address)).toBe(false);
  expect(open.allows(address)).toBe(false);
});

it('takes every way to write an address for what it is', () => {
  const [inside, outside] = [
    new AddressPolicy(['10.20.0.0/16']),
    new AddressPolicy(),
  ];
  fc.assert(
    fc.property(fc.nat(0xffffffff), number => {
      const dotted = [24, 16, 8, 0]
        .map(shift => Math.floor(number / 2 ** shift) % 256)
        .join('.');
      // What a browser makes of the forms in a URL is what the policy sees.
      for (const form of [
        String(number),
        `0x${number.toString(16)}`,
        `0${number.toString(8)}`,
        dotted,
      ]) {
        expect(new URL(`http://${form}/`).hostname).toBe(dotted);
      }
      const hex = `${Math.floor(number / 65536).toString(16)}:${(
        number % 65536
      ).toString(16)}`;
      for (const prefix of ['::', '::ffff:', '64:ff9b::', '2002:']) {
        const address = prefix === '2002:' ? `2002:${hex}::1` : prefix + hex;
        expect(open.allows(address)).toBe(false);
      }
      // A configured network adds its own addresses and no others.
      expect(inside.allows(dotted)).toBe(
        outside.allows(dotted) || dotted.startsWith('10.20.'),
      );
    }),
    { numRuns: 2_000 },
  );
});

it.each(['10.0.0.0', '10.0.0.0/33', '::/129', 'example.org/8', ''])(
  'refuses %p in the configuration',
  network => {
    expect(() => new AddressPolicy([network])).toThrow(
      'expected a network such as',
    );
  },
);
