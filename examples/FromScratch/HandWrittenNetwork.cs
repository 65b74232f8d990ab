namespace Recurrent.Examples.FromScratch;

/// <summary>
/// A plain recurrent network in loops, with nothing of the library:
/// <c>h_t = tanh(W_xh·x_t + W_hh·h_{t−1} + b_h)</c>, <c>y_t = W_hy·h_t + b_y</c>, trained by backpropagation through time.
/// </summary>
internal sealed class HandWrittenNetwork(Weights weights)
{
    private readonly int units = weights.Bias.Length;

    /// <summary>The mean squared error over all steps of some sequences, and its gradient with respect to every weight.</summary>
    internal (double Loss, Weights Gradient) Backpropagate(NDArray x, NDArray y)
    {
        int sequences = x.Shape[0];
        int steps = x.Shape[1];
        double loss = 0;
        var gradient = Weights.Zeros(units);
        for (int s = 0; s < sequences; s++)
        {
            // Forward: the states are kept, because the way back needs them. states[t] is the state before step t.
            var states = new double[steps + 1][];
            var errors = new double[steps];
            states[0] = new double[units];
            for (int t = 0; t < steps; t++)
            {
                (states[t + 1], double output) = Step(states[t], x[s, t, 0]);
                errors[t] = output - y[s, t, 0];
                loss += errors[t] * errors[t] / (sequences * steps);
            }

            // Backward: from the last step to the first, with what later steps owe to the state of this one.
            var fromLater = new double[units];
            for (int t = steps - 1; t >= 0; t--)
            {
                double outputSlope = 2 * errors[t] / (sequences * steps);
                fromLater = StepBack(states[t], states[t + 1], x[s, t, 0], outputSlope, fromLater, gradient);
            }
        }

        return (loss, gradient);
    }

    private (double[] State, double Output) Step(double[] before, double input)
    {
        var state = new double[units];
        double output = weights.OutputBias[0];
        for (int j = 0; j < units; j++)
        {
            double sum = (weights.Input[j] * input) + weights.Bias[j];
            for (int i = 0; i < units; i++)
            {
                sum += before[i] * weights.Recurrent[i, j];
            }

            state[j] = Math.Tanh(sum);
            output += weights.Output[j] * state[j];
        }

        return (state, output);
    }

    /// <summary>One step of the chain rule: adds to the gradient, and returns ∂L/∂h_{t−1}.</summary>
    private double[] StepBack(double[] before, double[] state, double input, double outputSlope,
        double[] fromLater, Weights gradient)
    {
        var earlier = new double[units];
        gradient.OutputBias[0] += outputSlope;
        for (int j = 0; j < units; j++)
        {
            gradient.Output[j] += outputSlope * state[j];

            // The state works on this step's output and on all later steps; the slope of tanh is 1 − tanh².
            double stateSlope = (outputSlope * weights.Output[j]) + fromLater[j];
            double sumSlope = stateSlope * (1 - (state[j] * state[j]));
            gradient.Input[j] += sumSlope * input;
            gradient.Bias[j] += sumSlope;
            for (int i = 0; i < units; i++)
            {
                gradient.Recurrent[i, j] += sumSlope * before[i];
                earlier[i] += sumSlope * weights.Recurrent[i, j];
            }
        }

        return earlier;
    }
}
