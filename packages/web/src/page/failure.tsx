/** What is shown instead of recommendations if there can be none. */
export function Failure({ message }: { readonly message: string }) {
  return (
    <p class="failure" role="alert">
      <strong>The model does not answer.</strong> {message}
    </p>
  );
}
