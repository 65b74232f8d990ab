using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>ARIMA models as plain data.</summary>
internal static class ArimaFile
{
    private const double Negligible = 1e-10;

    /// <summary>Writes a model.</summary>
    internal static Config Write(ArimaModel model, ArimaCriteria criteria)
    {
        ArimaParameters parameters = model.Parameters;
        ArimaOrder order = parameters.Order;
        return new()
        {
            { "order", (int[])[order.P, order.D, order.Q, order.SeasonalP, order.SeasonalD, order.SeasonalQ, order.Season] },
            { "coefficients", StoredState.Pack(parameters.Coefficients) },
            { "constant", parameters.Constant },
            { "regression", StoredState.Pack(parameters.Beta) },
            { "variance", parameters.Variance },
            { "exponent", parameters.Exponent },
            { "mean", StoredState.Pack(model.State.Mean) },
            { "covariance", StoredState.Pack(Beyond(model)) },
            { "count", model.State.Count },
            { "log_likelihood", criteria.LogLikelihood },
            { "aic", criteria.Aic },
            { "aicc", double.IsFinite(criteria.Aicc) ? criteria.Aicc : null },
            { "bic", criteria.Bic },
        };
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="ConfigException">It is none.</exception>
    internal static (ArimaModel Model, ArimaCriteria Criteria) Read(ConfigReader state)
    {
        IReadOnlyList<int> orders = state.Ints("order");
        if (orders.Count != 7)
        {
            throw Wrong(state, "order", "must be 7 whole numbers");
        }

        var order = new ArimaOrder(orders[0], orders[1], orders[2], orders[3], orders[4], orders[5], orders[6]);
        double[] coefficients = StoredState.Numbers(state, "coefficients", 0);
        double[] mean = StoredState.Numbers(state, "mean", 1);
        var arma = new ArmaPolynomials(order);
        if (coefficients.Length != order.Coefficients || !ArimaEstimation.IsStationary(coefficients, order))
        {
            throw Wrong(state, "coefficients", $"must be those of a stationary and invertible {order}");
        }

        arma.Set(coefficients);
        if (mean.Length != arma.StateLength + order.Lost)
        {
            throw Wrong(state, "mean", FormattableString.Invariant($"must be {arma.StateLength + order.Lost} numbers"));
        }

        int exponent = state.Int("exponent");
        int count = state.Int("count");
        if (exponent is < -1100 or > 1100 || count < 0)
        {
            throw Wrong(state, count < 0 ? "count" : "exponent", "is out of range");
        }

        var parameters = new ArimaParameters
        {
            Order = order,
            Coefficients = coefficients,
            Constant = state.OptionalDouble("constant"),
            Beta = StoredState.Numbers(state, "regression", 0),
            Variance = LocalFits.NotNegative(state, "variance"),
            Exponent = exponent,
        };
        double[,] covariance = Whole(state, arma, mean.Length);
        var criteria = new ArimaCriteria(
            state.Double("log_likelihood"), state.Double("aic"),
            state.OptionalDouble("aicc") ?? double.PositiveInfinity, state.Double("bic"));
        return (new ArimaModel(parameters, new(mean, covariance, count)), criteria);
    }

    // The covariance beyond that of the next innovation, R Rᵀ: nothing once the filter is steady. Its lower triangle as far as
    // it
    // reaches.
    private static double[] Beyond(ArimaModel model)
    {
        double[,] covariance = model.State.Covariance;
        double[] weights = Weights(model.Parameters, covariance.GetLength(0));
        int reach = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                reach = Math.Abs(covariance[i, j] - (weights[i] * weights[j])) > Negligible ? i + 1 : reach;
            }
        }

        var beyond = new double[reach * (reach + 1) / 2];
        for (int i = 0, at = 0; i < reach; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                beyond[at++] = covariance[i, j] - (weights[i] * weights[j]);
            }
        }

        return beyond;
    }

    private static double[,] Whole(ConfigReader state, ArmaPolynomials arma, int size)
    {
        double[] beyond = StoredState.Numbers(state, "covariance", 0);
        var covariance = new double[size, size];
        int at = 0;
        for (int i = 0; i < size && at < beyond.Length; i++)
        {
            for (int j = 0; j <= i && at < beyond.Length; j++)
            {
                covariance[i, j] = beyond[at];
                covariance[j, i] = beyond[at++];
            }
        }

        if (at < beyond.Length)
        {
            throw Wrong(state, "covariance", "has too many numbers");
        }

        for (int i = 0; i < arma.StateLength; i++)
        {
            for (int j = 0; j < arma.StateLength; j++)
            {
                covariance[i, j] += Weight(arma, i) * Weight(arma, j);
            }

            if (!(covariance[i, i] > -Negligible))
            {
                throw Wrong(state, "covariance", "is none");
            }
        }

        return covariance;
    }

    private static double[] Weights(ArimaParameters parameters, int size)
    {
        var arma = new ArmaPolynomials(parameters.Order);
        arma.Set(parameters.Coefficients);
        var weights = new double[size];
        for (int i = 0; i < arma.StateLength; i++)
        {
            weights[i] = Weight(arma, i);
        }

        return weights;
    }

    private static double Weight(ArmaPolynomials arma, int i) => i == 0 ? 1 : i <= arma.Theta.Length ? arma.Theta[i - 1] : 0;

    private static ConfigException Wrong(ConfigReader state, string key, string what) =>
        new($"{state.Owner}: {key} {what}.") { Option = key };
}
