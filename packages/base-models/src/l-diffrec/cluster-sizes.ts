/** The number of items of each cluster, `[clusters]`. */
export function clusterSizes(clusterOfItem: ArrayLike<number>): number[] {
  const sizes: number[] = [];
  for (const cluster of Array.from(clusterOfItem)) sizes[cluster] = (sizes[cluster] ?? 0) + 1;
  return Array.from(sizes, (size) => size ?? 0);
}

/**
 * The latent dimensions of each cluster, in proportion to its items: rounded down, at least 1, and the last one takes the
 * rest (Wang et al. 2023, section 3.4). None takes what a later one needs: there are at least as many dimensions as clusters.
 */
export function latentSizes(sizes: readonly number[], latentDimension: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let left = latentDimension;
  return sizes.map((size, cluster) => {
    const later = sizes.length - cluster - 1;
    const share = Math.max(1, Math.floor((size / total) * latentDimension));
    const latent = later === 0 ? left : Math.min(share, left - later);
    left -= latent;
    return latent;
  });
}
