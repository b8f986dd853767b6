/** A portico: a roof, three columns, a floor. */
export function PorticoLogo() {
  return (
    <svg
      viewBox="0 0 24 24"
      width="24"
      height="24"
      fill="currentColor"
      aria-hidden="true"
    >
      <path d="M3 9 12 3.500 21 9v1.750H3zM4.750 12.500h2.750v6H4.750zm5.875 0h2.750v6h-2.750zm5.875 0h2.750v6H16.500zM3 19.750h18v1.750H3z" />
    </svg>
  );
}
