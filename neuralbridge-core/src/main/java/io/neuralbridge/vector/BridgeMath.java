package io.neuralbridge.vector;

import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.ejml.interfaces.linsol.LinearSolverDense;

/** The maps that fit sums of products; the one class that needs EJML. */
final class BridgeMath {
  private static final double[] LAMBDAS = {1e-4, 1e-3, 1e-2, 1e-1, 1};

  private BridgeMath() {}

  /** A map, and how it was found. */
  record Candidate(String method, double lambda, BridgeMatrix matrix) {}

  /**
   * @param inputs products of the new vectors' numbers with each other, summed
   * @param both products of the new with the old vectors' numbers, summed
   */
  static List<Candidate> candidates(double[][] inputs, double[][] both) {
    List<Candidate> candidates = new ArrayList<>();
    DMatrixRMaj cross = new DMatrixRMaj(both);
    if (both.length == both[0].length) {
      candidates.add(new Candidate("procrustes", 0, procrustes(cross)));
    }
    DMatrixRMaj gram = new DMatrixRMaj(inputs);
    double mean = CommonOps_DDRM.trace(gram) / inputs.length;
    for (double lambda : LAMBDAS) {
      candidates.add(new Candidate("ridge", lambda, ridge(gram, cross, lambda * mean)));
    }
    return candidates;
  }

  /** Schönemann 1966: the rotation nearest to the cross-covariance. */
  private static BridgeMatrix procrustes(DMatrixRMaj cross) {
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(cross.numRows, cross.numCols, true, true, true);
    if (!svd.decompose(cross.copy())) {
      throw new ArithmeticException("the singular values of the pairs do not converge");
    }
    DMatrixRMaj rotation = new DMatrixRMaj(cross.numRows, cross.numCols);
    CommonOps_DDRM.mult(svd.getU(null, false), svd.getV(null, true), rotation);
    return transposed(rotation);
  }

  private static BridgeMatrix ridge(DMatrixRMaj gram, DMatrixRMaj cross, double ridge) {
    DMatrixRMaj raised = gram.copy();
    for (int i = 0; i < raised.numRows; i++) {
      raised.add(i, i, ridge);
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(raised.numRows);
    DMatrixRMaj solution = new DMatrixRMaj(cross.numRows, cross.numCols);
    if (!solver.setA(raised)) {
      throw new ArithmeticException("the pairs do not determine a map");
    }
    solver.solve(cross, solution);
    return transposed(solution);
  }

  private static BridgeMatrix transposed(DMatrixRMaj matrix) {
    float[] values = new float[matrix.getNumElements()];
    for (int row = 0; row < matrix.numRows; row++) {
      for (int column = 0; column < matrix.numCols; column++) {
        values[column * matrix.numRows + row] = (float) matrix.get(row, column);
      }
    }
    return new BridgeMatrix(matrix.numCols, matrix.numRows, values);
  }
}
