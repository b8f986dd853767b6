/** People of the demo, by what they may do. */
export const personas = {
  auroraDeveloper: 'user:aurora/kim',
  auroraTechLead: 'user:aurora/leila',
  auroraApprover: 'user:aurora/robin',
  auroraAdmin: 'user:aurora/alex',
  auroraViewer: 'user:aurora/vera',
  borealisDeveloper: 'user:borealis/lee',
  platformAdmin: 'user:default/pat',
  auditor: 'user:default/ana',
} as const;
