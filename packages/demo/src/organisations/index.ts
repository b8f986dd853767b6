export * from './DemoOrganisation';
export * from './organisations';
