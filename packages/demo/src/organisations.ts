import { type PutGroup, type PutMember } from '@portico/plugin-tenancy-common';

/** A component that the golden path "TypeScript service" makes. */
export interface DemoComponent {
  name: string;
  description: string;
  /** Name of the owning group of the same organisation. */
  owner: string;
  size: 'S' | 'M' | 'L';
  exposure: 'internal' | 'public';
  example: 'orders' | 'bookings' | 'articles';
}

/** A sample organisation: everything that the demo makes in one tenant. */
export interface DemoOrganisation {
  id: string;
  title: string;
  groups: Record<string, PutGroup>;
  people: Record<string, PutMember>;
  /** Name of the person who runs the golden path. */
  creator: string;
  components: DemoComponent[];
}

/** The two sample organisations. Kim Nguyen belongs to both. */
export const organisations: DemoOrganisation[] = [
  {
    id: 'aurora',
    title: 'Aurora Retail',
    groups: {
      retail: { displayName: 'Retail', type: 'department' },
      checkout: { displayName: 'Checkout', parent: 'retail' },
      warehouse: { displayName: 'Warehouse', parent: 'retail' },
    },
    people: {
      alex: {
        displayName: 'Alex Okafor',
        email: 'alex@aurora.example',
        roles: ['tenant-admin'],
        groups: ['retail'],
      },
      kim: {
        displayName: 'Kim Nguyen',
        email: 'kim@aurora.example',
        roles: ['developer'],
        groups: ['checkout'],
      },
      robin: {
        displayName: 'Robin Castellanos',
        email: 'robin@aurora.example',
        roles: ['approver'],
        groups: ['checkout', 'warehouse'],
      },
      vera: {
        displayName: 'Vera Lindqvist',
        email: 'vera@aurora.example',
        roles: ['viewer'],
        groups: ['warehouse'],
      },
    },
    creator: 'kim',
    components: [
      {
        name: 'order-intake',
        description: 'Takes orders from the shop and tells the warehouse.',
        owner: 'checkout',
        size: 'M',
        exposure: 'public',
        example: 'orders',
      },
      {
        name: 'product-pages',
        description: 'Keeps the texts that the shop shows with each product.',
        owner: 'checkout',
        size: 'S',
        exposure: 'public',
        example: 'articles',
      },
      {
        name: 'picking-slots',
        description: 'Books times at which a van can be loaded.',
        owner: 'warehouse',
        size: 'S',
        exposure: 'internal',
        example: 'bookings',
      },
    ],
  },
  {
    id: 'borealis',
    title: 'Borealis Travel',
    groups: {
      operations: { displayName: 'Operations', type: 'department' },
      bookings: { displayName: 'Bookings', parent: 'operations' },
      content: { displayName: 'Content', parent: 'operations' },
    },
    people: {
      sam: {
        displayName: 'Sam Haddad',
        email: 'sam@borealis.example',
        roles: ['tenant-admin'],
        groups: ['operations'],
      },
      lee: {
        displayName: 'Lee Moreau',
        email: 'lee@borealis.example',
        roles: ['developer'],
        groups: ['bookings', 'content'],
      },
      noor: {
        displayName: 'Noor Bakker',
        email: 'noor@borealis.example',
        roles: ['approver'],
        groups: ['content'],
      },
      kim: {
        displayName: 'Kim Nguyen',
        email: 'kim@borealis.example',
        roles: ['viewer'],
        groups: ['bookings'],
      },
    },
    creator: 'lee',
    components: [
      {
        name: 'room-booking',
        description: 'Books rooms and tells which are free.',
        owner: 'bookings',
        size: 'L',
        exposure: 'public',
        example: 'bookings',
      },
      {
        name: 'invoice-lines',
        description:
          'Keeps what a traveller ordered until the invoice is sent.',
        owner: 'bookings',
        size: 'M',
        exposure: 'internal',
        example: 'orders',
      },
      {
        name: 'travel-guide',
        description: 'Keeps the articles about places and sights.',
        owner: 'content',
        size: 'S',
        exposure: 'public',
        example: 'articles',
      },
    ],
  },
];
