import { BlockList, isIP } from 'node:net';
import { InputError } from '@backstage/errors';

type Network = readonly [address: string, bits: number];

/** Never asked, whatever is configured: this machine, its links and clouds' metadata. */
const neverIpv4: readonly Network[] = [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['100.100.100.200', 32],
  ['192.0.0.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const neverIpv6: readonly Network[] = [
  // Unspecified, loopback, and IPv4 in other clothes (mapped, compatible, NAT64)
  ['::', 96],
  ['::ffff:0:0', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['fd00:ec2::254', 128],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

/** Not public, so only asked where the platform configured the network. */
const privateIpv4: readonly Network[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['172.16.0.0', 12],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
];
const privateIpv6: readonly Network[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['3fff::', 20],
];

/**
 * Networks of one family each: a list of both would take an IPv4 address for the IPv6
 * address that it can be written as.
 */
class Networks {
  readonly #ipv4 = new BlockList();
  readonly #ipv6 = new BlockList();

  constructor(ipv4: readonly Network[] = [], ipv6: readonly Network[] = []) {
    for (const [address, bits] of ipv4) {
      this.#ipv4.addSubnet(address, bits, 'ipv4');
    }
    for (const [address, bits] of ipv6) {
      this.#ipv6.addSubnet(address, bits, 'ipv6');
    }
  }

  has(address: string, version: 4 | 6): boolean {
    return version === 4
      ? this.#ipv4.check(address, 'ipv4')
      : this.#ipv6.check(address, 'ipv6');
  }
}

const never = new Networks(neverIpv4, neverIpv6);
const notPublic = new Networks(privateIpv4, privateIpv6);
const globalUnicast = new Networks([['0.0.0.0', 0]], [['2000::', 3]]);

/** Which addresses requests may go to. */
export class AddressPolicy {
  readonly #configured: Networks;

  /**
   * @param privateNetworks - in the form `10.20.0.0/16`
   * @throws InputError when one of them is no network
   */
  constructor(privateNetworks: readonly string[] = []) {
    const read = privateNetworks.map(text => {
      const [, address = '', bits = ''] =
        /^([^/%]+)\/(\d{1,3})$/.exec(text) ?? [];
      const version = isIP(address);
      if (version === 0 || Number(bits) > (version === 4 ? 32 : 128)) {
        throw new InputError(
          `apiTryOut.privateNetworks has ${JSON.stringify(
            text,
          )}: expected a network such as "10.20.0.0/16"`,
        );
      }
      return { version, network: [address, Number(bits)] as const };
    });
    const of = (version: number) =>
      read.filter(item => item.version === version).map(item => item.network);
    this.#configured = new Networks(of(4), of(6));
  }

  /** Tells whether a request may go to an address; what is no address never. */
  allows(address: string): boolean {
    // A zone names a link, and no address on one is asked.
    const version = address.includes('%') ? 0 : isIP(address);
    if (version !== 4 && version !== 6) {
      return false;
    }
    if (never.has(address, version)) {
      return false;
    }
    return (
      this.#configured.has(address, version) ||
      (globalUnicast.has(address, version) && !notPublic.has(address, version))
    );
  }
}
