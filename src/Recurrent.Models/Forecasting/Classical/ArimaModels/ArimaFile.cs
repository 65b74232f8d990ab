using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>ARIMA models as plain data.</summary>
internal static class ArimaFile
{
    private const double Negligible = 1e-10;
    private const int LongestSeries = 1_000_000_000;

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
            { "covariance", StoredState.Pack(Known(model)) },
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
        if (exponent is < -1100 or > 1100 || count is < 0 or > LongestSeries)
        {
            throw Wrong(state, count is < 0 or > LongestSeries ? "count" : "exponent", "is out of range");
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
        double[,] covariance = Whole(state, parameters, mean.Length);
        var criteria = new ArimaCriteria(
            state.Double("log_likelihood"), state.Double("aic"),
            state.OptionalDouble("aicc") ?? double.PositiveInfinity, state.Double("bic"));
        return (new ArimaModel(parameters, new(mean, covariance, count)), criteria);
    }

    /// <summary>The model with the covariance that its file would give: the same bits before and after.</summary>
    internal static ArimaModel Settled(ArimaModel model)
    {
        int size = model.State.Mean.Length;
        return new(model.Parameters, model.State with
        {
            Covariance = Whole(Known(model), Weights(model.Parameters, size), size),
        });
    }

    // Once the filter is steady, the covariance is that of the next innovation, R Rᵀ: the lower triangle as far as it is
    // another.
    private static double[] Known(ArimaModel model)
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

        var known = new double[reach * (reach + 1) / 2];
        for (int i = 0, at = 0; i < reach; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                known[at++] = covariance[i, j];
            }
        }

        return known;
    }

    private static double[,] Whole(double[] known, double[] weights, int size)
    {
        var covariance = new double[size, size];
        for (int i = 0, at = 0; i < size; i++)
        {
            bool isKnown = at < known.Length;
            for (int j = 0; j <= i; j++)
            {
                covariance[i, j] = isKnown && at < known.Length ? known[at++] : weights[i] * weights[j];
                covariance[j, i] = covariance[i, j];
            }
        }

        return covariance;
    }

    private static double[,] Whole(ConfigReader state, ArimaParameters parameters, int size)
    {
        double[] known = StoredState.Numbers(state, "covariance", 0);
        if (known.Length > (long)size * (size + 1) / 2)
        {
            throw Wrong(state, "covariance", "has too many numbers");
        }

        double[,] covariance = Whole(known, Weights(parameters, size), size);
        for (int i = 0; i < size; i++)
        {
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
