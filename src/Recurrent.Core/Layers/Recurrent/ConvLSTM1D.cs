using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A convolutional LSTM over one axis of places (Shi, Chen, Wang, Yeung, Wong and Woo, "Convolutional LSTM network: a machine
/// learning approach for precipitation nowcasting", 2015, without peepholes): Keras's keras.layers.ConvLSTM1D.
/// </summary>
/// <remarks>
/// <code>
/// i = σ(W_i∗x_t + U_i∗h_{t−1} + b_i)        f = σ(W_f∗x_t + U_f∗h_{t−1} + b_f)
/// g = act(W_c∗x_t + U_c∗h_{t−1} + b_c)      o = σ(W_o∗x_t + U_o∗h_{t−1} + b_o)
/// c_t = f∘c_{t−1} + i∘g                     h_t = o∘act(c_t)
/// </code>
/// <para>Input (batch, timesteps, rows, channels); output (batch, new rows, filters), or (batch, timesteps, new rows,
/// filters) with <c>returnSequences</c>; with dataFormat "channels_first" the last two axes of both are swapped. Where
/// the input masks single rows and the output has as many, each row keeps its state by itself, as in Keras
/// (channels-first: each channel, where there are as many filters); else a step counts unless all of it is masked. New
/// rows are <c>⌊(rows − span)/strides⌋ + 1</c> with padding "valid", where the window spans <c>(kernelSize −
/// 1)·dilationRate + 1</c>, and <c>⌈rows/strides⌉</c> with "same".</para>
/// <para>Parameters as in Keras, gates in the order i, f, c, o: kernel (kernelSize, channels, 4·filters), recurrent_kernel
/// (kernelSize, filters, 4·filters), bias (4·filters). The recurrent convolution has strides 1, no dilation and padding
/// "same".</para>
/// </remarks>
public sealed class ConvLSTM1D : GatedLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="filters">Number of filters: length of the output's last axis. At least 1.</param>
    /// <param name="kernelSize">Number of places that the window spans, in both convolutions. At least 1.</param>
    /// <param name="strides">How far the window over the input moves from place to place. Default 1.</param>
    /// <param name="padding">
    /// "valid" (the default): the window stays inside the input; "same": zeros around it. Of the input's convolution.
    /// </param>
    /// <param name="dilationRate">
    /// Distance of the places that the window over the input sees. Default 1; above 1 only with strides 1.
    /// </param>
    /// <param name="options">Activations, first values, penalties, constraints, dropout; null takes the defaults.</param>
    /// <param name="returnSequences">
    /// Whether the output has a value for every step, and not for the last alone. Default false.
    /// </param>
    /// <param name="returnState">
    /// Whether <see cref="RecurrentLayer.Call"/> gives the final state too; in a Sequential it must be false. Default false.
    /// </param>
    /// <param name="goBackwards">
    /// Whether the sequence is read from its end; the output then is in the order of reading. Default false.
    /// </param>
    /// <param name="stateful">
    /// Whether sample b of a batch goes on from the state in which sample b of the last batch ended. Default false.
    /// </param>
    /// <param name="zeroOutputForMask">
    /// Whether the output at a masked step is zero, and not the previous output. Default false.
    /// </param>
    /// <param name="name">Name of the layer; null takes one from the model.</param>
    /// <param name="trainable">Whether training changes the layer. Default true.</param>
    /// <param name="inputShape">
    /// Shape of a sample (timesteps, rows, channels), for the first layer of a model; time steps may be null. With
    /// <paramref name="dataFormat"/> "channels_first" it is (timesteps, channels, rows).
    /// </param>
    /// <param name="dataFormat">
    /// "channels_last" (null, the default, is the same) or "channels_first": whether a step is (rows, channels) or (channels,
    /// rows).
    /// </param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public ConvLSTM1D(
        int filters,
        int kernelSize,
        int strides = 1,
        string padding = "valid",
        int dilationRate = 1,
        CellOptions? options = null,
        bool returnSequences = false,
        bool returnState = false,
        bool goBackwards = false,
        bool stateful = false,
        bool zeroOutputForMask = false,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null,
        string? dataFormat = null)
        : this(
            new ConvLSTM1DCell(
                filters, kernelSize, strides, padding, dilationRate, CellOptions.OfLayer(options), dataFormat: dataFormat),
            new SequenceOptions(
                returnSequences, returnState, goBackwards, stateful, zeroOutputForMask, name, trainable, inputShape))
    {
    }

    private ConvLSTM1D(ConvLSTM1DCell cell, SequenceOptions sequence)
        : base(cell, sequence)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "ConvLSTM1D";

    /// <summary>Number of filters: length of the output's last axis.</summary>
    public int Filters => Own.Units;

    /// <summary>Number of places that the window spans.</summary>
    public int KernelSize => Own.Convolution.KernelSize;

    /// <summary>How far the window over the input moves from place to place.</summary>
    public int Strides => Own.Convolution.Strides;

    /// <summary>"valid" or "same": whether there are zeros around the input.</summary>
    public string Padding => Own.Convolution.Padding;

    /// <summary>Distance of the places that the window over the input sees.</summary>
    public int DilationRate => Own.Convolution.DilationRate;

    /// <summary>"channels_last" or "channels_first": whether a step is (rows, channels) or (channels, rows).</summary>
    public string DataFormat => Own.Convolution.DataFormat ?? ConvolutionOptions.ChannelsLast;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">There are fewer rows than the window spans, or their number is not known.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        (int rows, int channels) = Own.Convolution.PlacesAreLast ? (2, 1) : (1, 2);
        return input.Rank == 3 && input[channels] is not null && Own.Convolution.InputWindow(input[rows] ?? 0) is null
            ? throw Own.TooFewRows(Introduction, input)
            : base.ComputeOutputShape(input);
    }

    internal static ConvLSTM1D Read(ConfigReader config) =>
        new(ConvLSTM1DCell.Read(config, ofLayer: true), SequenceOptions.Read(config));

    private ConvLSTM1DCell Own => (ConvLSTM1DCell)Cell;
}
