namespace Recurrent.Forecasting;

/// <summary>How long a network is trained, and in which batches.</summary>
/// <param name="Epochs">Most epochs.</param>
/// <param name="BatchSize">Samples to an update.</param>
/// <param name="Patience">Epochs without improvement that are waited for; null trains for all.</param>
/// <param name="LearningRate">The first learning rate.</param>
/// <param name="Decay">Its factor after each epoch.</param>
/// <param name="Cosine">Whether the rate falls to a hundredth of the first over half a cosine, instead.</param>
internal sealed record NetworkSchedule(int Epochs, int BatchSize, int? Patience, double LearningRate, double Decay, bool Cosine)
{
    private const int EpochsOfLongWindows = 3;

    /// <summary>What the options leave open follows from the number of samples.</summary>
    /// <param name="training">The options.</param>
    /// <param name="defaults">What the forecaster wants where they are open.</param>
    /// <param name="samples">Samples to an epoch.</param>
    /// <param name="most">Most updates, where no epochs are given.</param>
    /// <param name="batchSize">Samples to an update that the forecaster wants, or null.</param>
    /// <param name="stopsEarly">Whether what is validated on says when to stop, where no patience is given.</param>
    public static NetworkSchedule For(
        NetworkTraining training, NetworkDefaults defaults, int samples, int most, int? batchSize = null, bool stopsEarly = true)
    {
        int batch = training.BatchSize ?? batchSize
            ?? samples switch { < 1000 => 32, < 5000 => 64, < 20000 => 128, _ => 256 };
        int updates = Math.Max(1, (samples + batch - 1) / batch);
        int least = most < defaults.Updates ? Math.Min(defaults.LeastEpochs, EpochsOfLongWindows) : defaults.LeastEpochs;
        int epochs = training.Epochs ?? Math.Clamp(most / updates, least, defaults.MostEpochs);

        // Over a cosine the loss may fall again when the rate does.
        int? patience = training.Patience ?? (stopsEarly ? Math.Clamp(epochs / (defaults.Cosine ? 3 : 6), 3, 30) : null);
        return new(epochs, batch, patience, training.LearningRate ?? defaults.LearningRate, training.Decay ?? defaults.Decay,
            defaults.Cosine && training.Decay is null);
    }

    /// <summary>The learning rate of an epoch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="spent">Share of the budget of time that is used up; 0 where there is none.</param>
    public double RateAt(int epoch, double spent)
    {
        double done = Math.Clamp(Math.Max((double)epoch / Epochs, spent), 0, 1);
        return LearningRate * (Cosine ? 0.01 + (0.99 * 0.5 * (1 + Math.Cos(Math.PI * done))) : Math.Pow(Decay, epoch));
    }
}
