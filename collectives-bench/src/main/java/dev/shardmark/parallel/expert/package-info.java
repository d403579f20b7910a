/**
 * Experts split over ranks: tokens travel to the experts they chose, and back.
 *
 * <p>A mixture of experts adds {@code y_t = sum_i w_i MLP_e(t,i)(x_t)} for the K choices i of token
 * t. {@link dev.shardmark.parallel.expert.Assignment} chooses: a router with top-k, experts that
 * choose tokens, or a skew made up for a benchmark, each with or without a limit of capacity.
 * {@link dev.shardmark.parallel.expert.ExpertPlacement} says which rank holds which expert, {@link
 * dev.shardmark.parallel.expert.Dispatch} moves rows there and back, in one all-to-all each way or
 * in two smaller ones, and {@link dev.shardmark.parallel.expert.ExpertSublayer} puts them together
 * with the kernels.
 *
 * <p>A rank sorts its rows by place: place {@code r n + i} is slot i of rank r, which holds n
 * experts. The rows of an expert arrive in the order of ranks and, of one rank, of tokens, as in an
 * unsharded layer where ranks hold consecutive tokens; and a token adds up what comes back in the
 * order of its choices. So the result has the bits of the unsharded layer, wherever experts are.
 * Where an expert sees fewer rows than it would unsharded (a copy of an expert, a second group that
 * holds the same experts, padding), that holds of kernels whose rows do not depend on how many
 * there are: the scalar ones, and the vector ones where there are more than 4 rows in both cases,
 * or up to 4.
 *
 * <p>{@link dev.shardmark.parallel.expert.RoutedRows} counts rows before they move, for the byte
 * formulas beside each dispatch. Letters as in {@link dev.shardmark.parallel}; e ranks hold each
 * expert once between them.
 */
package dev.shardmark.parallel.expert;
